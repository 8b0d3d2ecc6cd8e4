/// How full the volumes of Pods are, and what is done to them.
package dev.tiphys.node.volumes.usage;
