// Package live lets many readers follow the append-only log.
//
// This is the path of an event from a commit to a browser:
//
//  1. A store commits records together with log entries, and then calls Options.Appended (serve.go), which calls [Tail.Wake].
//     Commits of other instances are noticed by MongoDB's change stream (db/mongo/watch.go) or by polling.
//  2. [Tail.Run] is one goroutine. It reads the new entries once, keeps the newest in a ring in memory, and wakes only the
//     readers whose subject occurs in an entry. It never waits for a reader.
//  3. A [Reader] is a position in the log. It takes entries from the ring; if it has fallen behind the ring, it reads
//     pages from the store. Its memory is bounded, and no entry is lost or repeated.
//  4. A subscription's resolver (resolvers/subscribe.go) owns one reader. internal/feed turns entries into events, checks
//     what the caller may see, and loads the records behind them once for all subscribers.
//  5. The transport sends the event with its cursor: over WebSocket (graph/socket.go), where graph/stream.Pump runs the
//     subscription only while there is something to send, or as a server-sent event (graph/events.go).
//  6. In the browser, admin-ui/src/data/live/liveSocket.ts receives it, and the hook of the page updates its rows. After a
//     lost connection the console subscribes again with the last cursor as `after`, and step 3 supplies what it missed.
//
// What an entry means and who may see it does not belong here: readers get the entries of the subject that they name.
package live
