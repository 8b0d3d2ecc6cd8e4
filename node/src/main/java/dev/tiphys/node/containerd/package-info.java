/// containerd as a part of Tiphys: found on the machine, configured, started as a child of our own,
/// watched over, and found again after a restart of ours.
///
/// It is not the machine's containerd, if there is one: everything of ours is below one directory.
/// Our child and the containers below it do not end when our process does.
package dev.tiphys.node.containerd;
