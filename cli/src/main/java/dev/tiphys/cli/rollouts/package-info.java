/// The plugin `kubectl argo rollouts`: what users do with Rollouts, in the words of the plugin that
/// people know (<https://argo-rollouts.readthedocs.io/en/stable/features/kubectl-plugin/>).
package dev.tiphys.cli.rollouts;
