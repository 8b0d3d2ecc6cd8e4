package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.ListQuery.Version;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.client.ApiException;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/// What to list or to watch, as the parameters of a request say it. See
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions>.
final class ListParameters {

  private final Parameters parameters;
  private final String namespace;
  private final String name;

  /// @param name the only object that is meant; empty for all
  ListParameters(Parameters parameters, String namespace, String name) {
    this.parameters = parameters;
    this.namespace = namespace;
    this.name = name;
  }

  ListQuery list() {
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
    long revision = revision(text);
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

  WatchQuery watch() {
    String text = parameters.text("resourceVersion");
    long revision = text.isEmpty() ? 0 : revision(text);
    boolean initial = parameters.isTrue("sendInitialEvents");
    boolean past = revision > 0 && !initial;
    boolean silent = parameters.has("sendInitialEvents") && !initial && revision == 0;
    WatchQuery.Start start =
        past || silent
            ? new WatchQuery.Start.After(revision)
            : new WatchQuery.Start.Existing(initial);
    return new WatchQuery(namespace, labels(), fields(), start);
  }

  private static long revision(String text) {
    try {
      long revision = Long.parseLong(text);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw ApiException.badRequest(
        "resourceVersion: Invalid value: \""
            + text
            + "\": strconv.ParseUint: parsing \""
            + text
            + "\": invalid syntax");
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
