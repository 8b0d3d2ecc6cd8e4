/// The machine that the node is: what it has, and what it limits Pods to.
package dev.tiphys.node.machine;
