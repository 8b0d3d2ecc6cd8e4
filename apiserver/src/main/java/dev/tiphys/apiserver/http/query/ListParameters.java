package dev.tiphys.apiserver.http.query;

import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.ListQuery.Version;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.ArrayList;
import java.util.List;

/// What to list or to watch, as the parameters of a request say it. See
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions>.
public final class ListParameters {

  private final Parameters parameters;
  private final String namespace;
  private final String name;

  /// @param name the only object that is meant; empty for all
  public ListParameters(Parameters parameters, String namespace, String name) {
    this.parameters = parameters;
    this.namespace = namespace;
    this.name = name;
  }

  public ListQuery list() {
    QueryOptions.checkList(parameters, false);
    return new ListQuery(
        namespace,
        labels(),
        fields(),
        version(),
        parameters.number("limit", 0),
        parameters.text("continue"));
  }

  private Version version() {
    String text = parameters.text("resourceVersion");
    if (text.isEmpty()) {
      return new Version.Newest();
    }
    long revision = revision(parameters);
    boolean continues = parameters.has("continue") && !parameters.text("continue").isEmpty();
    if (continues && revision != 0) {
      throw ApiException.badRequest(
          "specifying resource version is not allowed when using continue");
    }
    boolean exactly =
        switch (parameters.text("resourceVersionMatch")) {
          case "Exact" -> true;
          case "NotOlderThan" -> false;
          default -> revision > 0 && parameters.number("limit", 0) > 0;
        };
    return exactly ? new Version.Exactly(revision) : new Version.NotOlderThan(revision);
  }

  /// @param resource what is watched
  public WatchQuery watch(Resource resource) {
    QueryOptions.checkList(parameters, true);
    long revision = watchedRevision(resource);
    boolean initial = parameters.isTrue("sendInitialEvents");
    boolean past = revision > 0 && !initial;
    boolean silent = parameters.has("sendInitialEvents") && !initial && revision == 0;
    WatchQuery.Start start =
        past
            ? new WatchQuery.Start.After(revision)
            : silent
                ? new WatchQuery.Start.Now()
                : new WatchQuery.Start.Existing(
                    parameters.text("resourceVersion").isEmpty()
                        ? new Version.Newest()
                        : new Version.NotOlderThan(revision),
                    initial && parameters.isTrue("allowWatchBookmarks"));
    return new WatchQuery(namespace, labels(), fields(), start);
  }

  /// The state of the store that one object is read from.
  public static Version version(Parameters parameters) {
    return parameters.text("resourceVersion").isEmpty()
        ? new Version.Newest()
        : new Version.NotOlderThan(revision(parameters));
  }

  /// The revision that is named; 0 if none is.
  public static long revision(Parameters parameters) {
    String text = parameters.text("resourceVersion");
    try {
      return number(text);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("invalid resource version: " + wrong(text));
    }
  }

  private long watchedRevision(Resource resource) {
    String text = parameters.text("resourceVersion");
    try {
      return number(text);
    } catch (NumberFormatException e) {
      FieldErrors errors = new FieldErrors();
      errors.add(wrong(text));
      throw Invalid.refusal(new GroupKind(resource.group(), resource.plural()), "", errors);
    }
  }

  private static long number(String text) {
    long number = text.isEmpty() ? 0 : Long.parseLong(text);
    if (number < 0) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  private static FieldError wrong(String text) {
    String quoted = Json.text(text);
    return new FieldError(
        FieldError.Type.INVALID,
        "resourceVersion",
        quoted,
        "strconv.ParseUint: parsing " + quoted + ": invalid syntax");
  }

  private LabelSelector labels() {
    try {
      return LabelSelector.parse(parameters.text("labelSelector"));
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private FieldSelector fields() {
    try {
      FieldSelector fields = FieldSelector.parse(parameters.text("fieldSelector"));
      if (name.isEmpty()) {
        return fields;
      }
      List<FieldSelector.Term> terms = new ArrayList<>(fields.terms());
      terms.add(new FieldSelector.Term("metadata.name", true, name));
      return new FieldSelector(terms);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
