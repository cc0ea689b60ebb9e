import type { Order } from "../../../wire/wire.ts"
import { preciseTime } from "../../common/format.ts"
import { ScrollArea } from "../../common/scroll-area.tsx"
import { salePath } from "../data/admin-request.ts"
import { mayChange } from "../data/session.ts"
import { openDialog, orders, saleId } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Tile } from "./tile.tsx"

/** The latest orders of the sale, newest first. */
export function Orders() {
  const say = words.value
  const id = saleId.value
  const tools = id && (
    <span class="tools">
      {mayChange.value && (
        <button type="button" onClick={() => openDialog({ kind: "cancel" })}>
          {say.cancelOrder}
        </button>
      )}
      <a class="button" href={`/api/v1/admin${salePath(id, "/orders.csv")}`} download>
        {say.csv}
      </a>
    </span>
  )
  return (
    <Tile name="orders" title={say.orders} aside={tools}>
      <ScrollArea label={say.orders}>
        {orders.value.length === 0 ? (
          <p class="soft">{say.noOrders}</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">{say.time}</th>
                <th scope="col">{say.order}</th>
                <th scope="col">{say.customer}</th>
                <th scope="col">{say.state}</th>
              </tr>
            </thead>
            <tbody>
              {orders.value.map(order => (
                <OrderRow key={order.id} order={order} />
              ))}
            </tbody>
          </table>
        )}
      </ScrollArea>
    </Tile>
  )
}

function OrderRow({ order }: { order: Order }) {
  const say = words.value
  return (
    <tr>
      <td>{preciseTime(Date.parse(order.createdAt)).slice(0, 8)}</td>
      <td>{order.id}</td>
      <td title={order.customerId}>{order.customerId.slice(0, 10)}</td>
      <td data-state={order.state}>
        {order.state === "held" && mayChange.value ? (
          <button type="button" onClick={() => openDialog({ kind: "cancel", order })}>
            {`${say.orderStates.held}… `}
            <span class="hidden">{order.id}</span>
          </button>
        ) : (
          say.orderStates[order.state]
        )}
      </td>
    </tr>
  )
}
