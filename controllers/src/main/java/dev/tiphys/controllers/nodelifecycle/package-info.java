/// Notices nodes that are lost, says so in their conditions and taints, and lets their Pods be
/// replaced elsewhere.
package dev.tiphys.controllers.nodelifecycle;
