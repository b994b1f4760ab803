
// Bokeh's connection, mended where a cut line left the page offline for good. Each mend says what it is for; all of them
// keep to what the connection does otherwise. Checked with Bokeh 3.9.
{
  const ANSWER_WITHIN_MS = 30000
  const AGAIN_AFTER_MS = 2000
  const MOST_TIMES = 5
  const TIMES = "weftwork:loaded-again"
  // Scripts may close a socket with codes from 3000 on only; Bokeh's own 1002 is an exception in every browser.
  const NO_ANSWER = 4000
  const NOT_UNDERSTOOD = 4002

  /** Connecting: what remains of the connection before is forgotten, and one that comes to nothing is closed. */
  function mendConnecting(connection, Receiver) {
    const { connect } = connection
    connection.connect = function () {
      if (this.socket !== null) return connect.call(this)
      // Half a message that the cut left behind would be taken for the first half of the next connection's ACK.
      this._receiver = new Receiver()
      const first = this.session === null
      const made = connect.call(this)
      const socket = this.socket
      const close = () => socket?.close(NO_ANSWER, "no answer")
      // An open socket is never connected anew, so one that stays silent must not stay open.
      const late = first ? null : setTimeout(close, ANSWER_WITHIN_MS)
      made.finally(() => {
        clearTimeout(late)
        this.wfPulling = false
      }).then(() => sessionStorage.removeItem(TIMES)).catch(() => {
        close()
        if (first) loadAgain()
      })
      return made
    }
    connection._close_bad_protocol = function (detail) {
      console.warn(`Weftwork: the connection is closed and made anew: ${detail}`)
      this.socket?.close(NOT_UNDERSTOOD, detail.slice(0, 100))
    }
  }

  /** While the whole document is on its way, patches are in it already; the old document may not know what they name. */
  function mendPulling(connection) {
    const { _awaiting_ack_handler, _steady_state_handler } = connection
    connection._awaiting_ack_handler = function (message, ...rest) {
      if (message.msgtype() === "PATCH-DOC") return
      this.wfPulling = this.session !== null
      _awaiting_ack_handler.call(this, message, ...rest)
    }
    connection._steady_state_handler = function (message) {
      if (!this.wfPulling || message.msgtype() !== "PATCH-DOC") _steady_state_handler.call(this, message)
    }
  }

  /** Putting the pulled document in the place of the old one: with its arrays, and as one that the server knows. */
  function mendReplacing(connection, Document) {
    const { _pull_doc_json } = connection
    const { add_root } = Document.prototype
    const arrays = new WeakMap()
    connection._pull_doc_json = async function () {
      const pulled = await _pull_doc_json.call(this)
      arrays.set(pulled.doc_json, pulled.buffers)
      return pulled
    }
    Document.prototype.replace_with_json = function (json) {
      const fresh = Document.from_json(json, undefined, arrays.get(json))
      const known = [...fresh._all_models.values()].filter(model => !fresh._new_models.has(model))
      // Else every root would be sent whole, as one that was added here, to the server that it came from; and each model
      // that counts as new with the next message that names it.
      this.add_root = root => add_root.call(this, root, { sync: false })
      try {
        fresh.destructively_move(this)
      } finally {
        delete this.add_root
      }
      for (const model of known) this._new_models.delete(model)
    }
  }

  /** The ids of the models that a message describes in full. */
  function described(part, ids = new Set()) {
    if (Array.isArray(part)) for (const item of part) described(item, ids)
    else if (part !== null && typeof part === "object" && !ArrayBuffer.isView(part)) {
      if (part.type === "object" && part.id !== undefined) ids.add(part.id)
      for (const key in part) described(part[key], ids)
    }
    return ids
  }

  /** What came from the server, it knows: else a cell that was just added would send itself whole with its first press. */
  function mendPatches(Document) {
    const { _apply_json_patch } = Document.prototype
    Document.prototype._apply_json_patch = function (patch, ...rest) {
      const before = this._all_models.size
      _apply_json_patch.call(this, patch, ...rest)
      if (this._all_models.size === before) return
      for (const id of described(patch.events)) this._new_models.delete(this._all_models.get(id))
    }
  }

  /** A page whose first connection failed has nothing to connect anew: it is loaded again when somebody answers, and ever
   * later where that does not help. */
  function loadAgain() {
    window.weftwork.sayLost()
    const times = Number(sessionStorage.getItem(TIMES) ?? 0)
    setTimeout(() => {
      fetch("assets/theme.css", { cache: "no-store" }).then(answer => {
        if (!answer.ok) return loadAgain()
        sessionStorage.setItem(TIMES, Math.min(times + 1, MOST_TIMES))
        return location.reload()
      }).catch(loadAgain)
    }, AGAIN_AFTER_MS * 2 ** times)
  }

  // Before Bokeh, which waits for the same event, opens the first connection.
  document.addEventListener("DOMContentLoaded", () => {
    const { ClientConnection } = window.Bokeh.require("client/connection")
    mendConnecting(ClientConnection.prototype, window.Bokeh.require("protocol/receiver").Receiver)
    mendPulling(ClientConnection.prototype)
    const { Document } = window.Bokeh.require("document/document")
    mendReplacing(ClientConnection.prototype, Document)
    mendPatches(Document)
  })
}
