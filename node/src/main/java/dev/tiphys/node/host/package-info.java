/// The machine that the node is: its programs, and what this process may do on it.
package dev.tiphys.node.host;
