/// Pods as the node agent reads them: [dev.tiphys.node.pod.Pod] over the object, with names and
/// types.
package dev.tiphys.node.pod;
