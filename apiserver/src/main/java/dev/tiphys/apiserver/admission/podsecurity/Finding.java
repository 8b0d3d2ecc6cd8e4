package dev.tiphys.apiserver.admission.podsecurity;

import java.util.List;

/// What of a Pod a level forbids.
///
/// @param reason in a few words
/// @param detail which containers or volumes, and what they must do instead
record Finding(String reason, String detail) {

  /// Findings as messages list them.
  static String text(List<Finding> findings) {
    return String.join(", ", findings.stream().map(Finding::toString).toList());
  }

  static String reasons(List<Finding> findings) {
    return String.join(", ", findings.stream().map(Finding::reason).toList());
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? reason : reason + " (" + detail + ")";
  }
}
