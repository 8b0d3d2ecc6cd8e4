/// A Pod of a template on each node.
package dev.tiphys.controllers.daemonset;
