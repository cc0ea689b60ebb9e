import { preciseTime } from "../common/format.ts"
import { Scroll } from "../common/scroll.tsx"
import { orders } from "./state.ts"
import { Tile } from "./tile.tsx"
import { words } from "./words.ts"

export function Orders() {
  const say = words.value
  return (
    <Tile name="orders" title={say.orders}>
      <Scroll label={say.orders}>
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
                <tr key={order.id}>
                  <td>{preciseTime(Date.parse(order.createdAt)).slice(0, 8)}</td>
                  <td>{order.id}</td>
                  <td title={order.customerId}>{order.customerId.slice(0, 10)}</td>
                  <td data-state={order.state}>{say.orderStates[order.state]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Scroll>
    </Tile>
  )
}
