/// Attaches volumes to the nodes whose Pods use them, and detaches them when none does any more:
/// upstream's attachdetach-controller, for volumes of CSI drivers that ask for it.
package dev.tiphys.controllers.attachdetach;
