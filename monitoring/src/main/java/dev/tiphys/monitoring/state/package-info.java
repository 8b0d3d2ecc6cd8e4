/// What the cluster's objects say, as metrics: the `kube_*` families of kube-state-metrics.
package dev.tiphys.monitoring.state;
