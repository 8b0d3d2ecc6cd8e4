/// What the agents of nodes may do: each sees what its own node needs, and nothing of other nodes.
package dev.tiphys.apiserver.authorization.node;
