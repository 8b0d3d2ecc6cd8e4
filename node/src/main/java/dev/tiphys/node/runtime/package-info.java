/// What the node agent may rely on, whatever runs the containers: [ContainerRuntime].
///
/// The terms are those of the Kubernetes container runtime interface. A **sandbox** is what the
/// containers of one Pod share: network, hostname, cgroup. A **container** is made from an
/// **image** inside a sandbox and runs at most once; to restart it is to make another one, with the
/// next **attempt** number. An **image** is named by references (`docker.io/library/nginx:1.24`)
/// and identified by an id (`sha256:…`, the digest of its configuration).
package dev.tiphys.node.runtime;
