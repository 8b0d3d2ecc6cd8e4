/// What the kernel says of the machine and of containers, as metrics: under the names that
/// node_exporter and cAdvisor have for it.
package dev.tiphys.node.measuring;
