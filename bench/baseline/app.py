# The design that this project began from, written from its description: one counter in Redis, decremented, and
# incremented again when it fell below zero. It knows no customers, limits, keys or orders.
import os

import redis
from flask import Flask, jsonify
from prometheus_client import Counter, generate_latest

NODE = os.environ["NODE"]
app = Flask(__name__)
store = redis.Redis(host="127.0.0.1", port=int(os.environ["REDIS_PORT"]))
requests = Counter("flash_sale_requests", "Purchases asked for", ["status"])


@app.post("/buy")
def buy():
    left = store.decr("stock")
    if left < 0:
        store.incr("stock")
        requests.labels("fail").inc()
        return jsonify(status="fail", message="sold out", node=NODE), 409
    requests.labels("success").inc()
    return jsonify(status="success", stock=left, node=NODE)


@app.get("/metrics")
def metrics():
    return generate_latest(), 200, {"Content-Type": "text/plain"}


app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
