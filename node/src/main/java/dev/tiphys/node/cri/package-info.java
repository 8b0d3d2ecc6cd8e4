/// [dev.tiphys.node.runtime.ContainerRuntime] spoken as CRI, the Kubernetes container runtime
/// interface, to containerd.
///
/// CRI has no word for what happens to containers in the versions that are out there, so events
/// come from containerd's own event service.
package dev.tiphys.node.cri;
