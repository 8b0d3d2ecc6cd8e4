/// Rollouts, as Argo Rollouts has them: what runs them in a cluster, and their resources.
package dev.tiphys.delivery;
