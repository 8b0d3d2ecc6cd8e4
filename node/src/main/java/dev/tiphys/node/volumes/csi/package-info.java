/// Volumes that storage drivers (CSI) bring to the node.
///
/// [dev.tiphys.node.volumes.csi.PluginRegistry] finds the drivers, and
/// [dev.tiphys.node.volumes.csi.CsiDrivers] knows those that are registered.
/// [dev.tiphys.node.volumes.csi.CsiPlugin] asks them to stage and publish volumes and to take that
/// back, and writes to the [dev.tiphys.node.volumes.ledger.Ledger] what it is about to do before it
/// does it.
package dev.tiphys.node.volumes.csi;
