/// Disks of iSCSI targets, by way of open-iscsi's `iscsiadm`.
///
/// [dev.tiphys.node.volumes.iscsi.IscsiPlugin] brings them to Pods,
/// [dev.tiphys.node.volumes.iscsi.Initiator] logs in and out.
package dev.tiphys.node.volumes.iscsi;
