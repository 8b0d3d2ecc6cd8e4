package dev.tiphys.schema;

/// A version of an API group.
///
/// @param group the group; empty for the core group
/// @param version the version, such as `v1`
public record GroupVersion(String group, String version) implements Comparable<GroupVersion> {

  /// What stands in an object's `apiVersion`: `apps/v1`, or `v1` for the core group.
  public static GroupVersion parse(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new GroupVersion("", apiVersion)
        : new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
  }

  /// The path under which the version is served: `/api/v1` or `/apis/apps/v1`.
  public String path() {
    return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
  }

  @Override
  public int compareTo(GroupVersion other) {
    int byGroup = group.compareTo(other.group);
    return byGroup != 0 ? byGroup : version.compareTo(other.version);
  }

  /// The form of `apiVersion`.
  @Override
  public String toString() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
