package dev.tiphys.apiserver.fieldmanagement;

import java.util.Comparator;

/// What tells one entry of `managedFields` from the others.
///
/// @param name of the manager
/// @param operation how it writes
/// @param apiVersion the version that it writes in; empty if it applies, since it then has one
///   entry whatever the version
/// @param subresource by way of which it writes; empty for the object itself
record Manager(String name, Operation operation, String apiVersion, String subresource)
    implements Comparable<Manager> {

  private static final Comparator<Manager> ORDER =
      Comparator.comparing(Manager::name)
          .thenComparing(Manager::operation)
          .thenComparing(Manager::apiVersion)
          .thenComparing(Manager::subresource);

  /// How fields come to be owned, as `managedFields` spells it.
  enum Operation {
    APPLY("Apply"),
    UPDATE("Update");

    private final String word;

    Operation(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Manager applying(String name, String subresource) {
    return new Manager(name, Operation.APPLY, "", subresource);
  }

  static Manager updating(String name, String apiVersion, String subresource) {
    return new Manager(
        name.isEmpty() ? "unknown" : name, Operation.UPDATE, apiVersion, subresource);
  }

  boolean applies() {
    return operation == Operation.APPLY;
  }

  @Override
  public int compareTo(Manager other) {
    return ORDER.compare(this, other);
  }

  /// As messages name it: `"kubectl-edit" using apps/v1`.
  @Override
  public String toString() {
    return '"'
        + name
        + '"'
        + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"')
        + (applies() ? "" : " using " + apiVersion);
  }
}
