/// What is streamed from and into containers: logs, commands, forwarded ports. The API server
/// stands between the client and the node's agent, and passes on what each says to the other.
package dev.tiphys.apiserver.streaming;
