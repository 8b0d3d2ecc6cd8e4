package dev.tiphys.schema;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A resource in one version: a collection of objects of one kind, as the API serves it.
///
/// @param groupVersion the group and version it is served in
/// @param plural its name in paths: `pods`
/// @param singular the name of one: `pod`
/// @param kind the kind of its objects
/// @param schema what its objects look like
/// @param namespaced whether each object lives in a namespace
/// @param shortNames what kubectl takes for its name too
/// @param categories the groups of resources it belongs to, such as `all`
/// @param verbs what can be done with it
/// @param storage how it is stored; null if it is not
/// @param selectable the fields that field selectors may name, beside name and namespace
/// @param generation when `metadata.generation` counts up
/// @param status how `status` is written; null if the status has no subresource
/// @param rules its peculiarities
/// @param subresources what lies below its objects
/// @param scale where its replicas are; null if it can't be scaled
/// @param columns what `kubectl get` shows
/// @param deprecation what callers are warned of; empty for nothing
public record Resource(
    GroupVersion groupVersion,
    String plural,
    String singular,
    String kind,
    Schema schema,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> verbs,
    @Nullable Storage storage,
    List<String> selectable,
    Generation generation,
    @Nullable Status status,
    Set<Rule> rules,
    List<Subresource> subresources,
    @Nullable Scale scale,
    List<Column> columns,
    String deprecation) {

  /// How objects are stored.
  ///
  /// @param prefix the part of their keys between `/registry/` and their namespace or name
  /// @param groupVersion the version they are stored in
  public record Storage(String prefix, GroupVersion groupVersion) {}

  /// When `metadata.generation` counts up.
  ///
  /// @param managed whether the server sets it at all: 1 on creation
  /// @param fields the fields, as dotted paths, whose change counts
  public record Generation(boolean managed, List<String> fields) {}

  /// How the status subresource shares the object with the main one.
  ///
  /// @param keptOnCreate whether a status that comes with a new object is kept
  /// @param metadata what of the metadata a write to the status may change
  public record Status(boolean keptOnCreate, StatusMetadata metadata) {}

  /// What of the metadata a write to the status may change.
  public enum StatusMetadata {
    /// What any update may.
    TAKEN,
    /// All but the labels.
    LABELS_KEPT,
    /// Nothing.
    KEPT
  }

  /// Peculiarities of a resource.
  public enum Rule {
    /// An update of what does not exist creates it.
    CREATES_ON_UPDATE,
    /// An update must name the resourceVersion it replaces.
    NEEDS_VERSION,
    /// A deletion that is complete answers the object instead of a Status.
    RETURNS_DELETED,
    /// Without a propagation policy, dependents are orphaned.
    ORPHANS,
    /// Deletion never waits for dependents.
    NO_GARBAGE_COLLECTION,
    /// It is about to go: its objects can be changed and deleted, but no new ones are made.
    TERMINATING
  }

  /// What lies below an object: `status`, `scale`, `log` ...
  ///
  /// @param name its name in paths
  /// @param groupVersion the version of its kind
  /// @param kind the kind it takes and answers
  /// @param verbs what can be done with it
  public record Subresource(
      String name, GroupVersion groupVersion, String kind, List<String> verbs) {}

  /// Where an object says how many replicas it has, as dotted paths.
  ///
  /// @param wanted how many it is to have
  /// @param present how many it has
  /// @param selector what its Pods are selected by: a label selector, or one as text; empty if it
  ///   does not say
  public record Scale(String wanted, String present, String selector) {}

  /// A column of the table that `kubectl get` shows.
  ///
  /// @param name its head
  /// @param type the type of its cells, in OpenAPI's words
  /// @param format `name` for the column that names the object, else empty
  /// @param priority 0 if it is always shown, 1 if only in wide tables
  /// @param cell what a cell shows: a path, or a function of paths, then ` | ` and what an empty
  ///   cell shows instead; or a JSONPath in braces
  /// @param description what it is about; empty if that follows from the cell
  public record Column(
      String name, String type, String format, int priority, String cell, String description) {

    /// A column that is described by what its cells show.
    public Column(String name, String type, String format, int priority, String cell) {
      this(name, type, format, priority, cell, "");
    }
  }

  public Resource {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    verbs = List.copyOf(verbs);
    selectable = List.copyOf(selectable);
    rules = Set.copyOf(rules);
    subresources = List.copyOf(subresources);
    columns = List.copyOf(columns);
  }

  public String group() {
    return groupVersion.group();
  }

  public String version() {
    return groupVersion.version();
  }

  public GroupKind groupKind() {
    return new GroupKind(groupVersion.group(), kind);
  }

  /// As messages name it: `deployments.apps`, or `pods` in the core group.
  public String groupResource() {
    return group().isEmpty() ? plural : plural + "." + group();
  }

  public boolean has(Rule rule) {
    return rules.contains(rule);
  }

  /// The subresource of this name, or null.
  public @Nullable Subresource subresource(String name) {
    for (Subresource subresource : subresources) {
      if (subresource.name().equals(name)) {
        return subresource;
      }
    }
    return null;
  }

  /// Whether it has the same objects in the store as another, if in another version or group.
  public boolean isStoredAs(Resource other) {
    return storage != null
        && other.storage != null
        && storage.prefix().equals(other.storage.prefix());
  }

  /// `deployments.v1.apps`, for messages.
  @Override
  public String toString() {
    return plural + "." + version() + "." + group();
  }
}
