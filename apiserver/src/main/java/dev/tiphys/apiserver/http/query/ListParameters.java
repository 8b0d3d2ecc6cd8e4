package dev.tiphys.apiserver.http.query;

import dev.tiphys.apiserver.registry.ContinueToken;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.ListQuery.Version;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.validation.FieldError;
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
        namespace, labels(), fields(), version(), limit(), parameters.text("continue"));
  }

  /// How many objects are wanted at once; 0 for all. A list of whatever state is known comes as a
  /// whole, as from upstream's cache.
  private long limit() {
    long limit = parameters.number("limit", 0);
    return parameters.text("resourceVersion").equals("0") ? 0 : limit;
  }

  private Version version() {
    if (parameters.has(PastParameter.NAME)) {
      return PastParameter.version(parameters);
    }
    String text = parameters.text("resourceVersion");
    if (text.isEmpty()) {
      return new Version.Newest();
    }
    String token = parameters.text("continue");
    if (!token.isEmpty()) {
      ContinueToken.check(token);
      if (!text.equals("0")) {
        throw ApiException.badRequest(
            "specifying resource version is not allowed when using continue");
      }
    }
    long revision = listedRevision();
    boolean exactly =
        switch (parameters.text("resourceVersionMatch")) {
          case "Exact" -> true;
          case "NotOlderThan" -> false;
          default -> revision > 0 && parameters.number("limit", 0) > 0;
        };
    return exactly ? new Version.Exactly(revision) : new Version.NotOlderThan(revision);
  }

  private long listedRevision() {
    try {
      return number(parameters.text("resourceVersion"));
    } catch (WrongNumber e) {
      throw ApiException.badRequest("invalid resource version: " + e.error);
    }
  }

  public WatchQuery watch() {
    if (parameters.has(PastParameter.NAME)) {
      throw ApiException.badRequest(
          "at: what was at some time can be read, not watched; a watch begins after a"
              + " resourceVersion");
    }
    QueryOptions.checkList(parameters, true);
    long revision = revision(parameters);
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
    if (parameters.has(PastParameter.NAME)) {
      return PastParameter.version(parameters);
    }
    return parameters.text("resourceVersion").isEmpty()
        ? new Version.Newest()
        : new Version.NotOlderThan(revision(parameters));
  }

  /// The revision that is named; 0 if none is.
  ///
  /// @throws ApiException of no reason if it is no number, as by upstream
  public static long revision(Parameters parameters) {
    try {
      return number(parameters.text("resourceVersion"));
    } catch (WrongNumber e) {
      throw ApiException.of(Reason.UNKNOWN, e.error.toString());
    }
  }

  /// A text that should be a revision and is none.
  private static final class WrongNumber extends Exception {
    private final transient FieldError error;

    WrongNumber(String text, String problem) {
      String quoted = Json.text(text);
      this.error =
          new FieldError(
              FieldError.Type.INVALID,
              "resourceVersion",
              quoted,
              "strconv.ParseUint: parsing " + quoted + ": " + problem);
    }
  }

  private static long number(String text) throws WrongNumber {
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new WrongNumber(text, "invalid syntax");
    }
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new WrongNumber(text, "value out of range");
    }
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
