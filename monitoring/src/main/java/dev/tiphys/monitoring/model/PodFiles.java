package dev.tiphys.monitoring.model;

/// The files that Pods have of their service account. Monitors that were written for a Prometheus
/// in a Pod name them, and mean what Prometheus itself sees the cluster with.
public final class PodFiles {

  public static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
  public static final String AUTHORITY = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

  private PodFiles() {}
}
