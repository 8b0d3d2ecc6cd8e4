/// How full the volumes of Pods are.
package dev.tiphys.node.volumes.usage;
