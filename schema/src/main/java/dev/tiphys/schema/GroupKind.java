package dev.tiphys.schema;

/// A kind of an API group, whatever the version.
///
/// @param group the group; empty for the core group
/// @param kind the kind, such as `Deployment`
public record GroupKind(String group, String kind) {

  /// As messages name it: `Deployment.apps`, or `Pod` in the core group.
  @Override
  public String toString() {
    return group.isEmpty() ? kind : kind + "." + group;
  }
}
