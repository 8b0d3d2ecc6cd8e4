package dev.tiphys.controllers.autoscaling;

/// A metric of a type that does not exist, or not yet.
record UnknownSource(String type) implements MetricSource {

  @Override
  public Proposal propose(Scaled scaled) throws MetricException {
    throw MetricException.ofSpec("unknown metric source type \"" + type + "\"");
  }

  @Override
  public String failure() {
    return "InvalidMetricSourceType";
  }

  @Override
  public String attempt() {
    return "";
  }
}
