package dev.tiphys.network.policy;

/// Which way a connection is made, as a Pod sees it.
enum Direction {
  /// To the Pod.
  INGRESS("ingress", "from"),
  /// From the Pod.
  EGRESS("egress", "to");

  private final String field;
  private final String peers;

  Direction(String field, String peers) {
    this.field = field;
    this.peers = peers;
  }

  /// The field of a policy that has its rules.
  String field() {
    return field;
  }

  /// The field of a rule that has the other ends of connections.
  String peers() {
    return peers;
  }

  /// As the `policyTypes` of a policy name it.
  String type() {
    return Character.toUpperCase(field.charAt(0)) + field.substring(1);
  }
}
