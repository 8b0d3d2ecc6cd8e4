package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupVersion;

/// How much work a request is, in seats: a list takes one for each hundred objects that are looked
/// at.
final class ListWork {

  private static final int OBJECTS_PER_SEAT = 100;
  private static final int MOST = 10;

  private ListWork() {}

  /// @param most how many seats one request may take
  static int seats(
      Catalog catalog, String verb, Subject.OfResource subject, Parameters parameters, int most) {
    boolean lists =
        verb.equals("list") || verb.equals("watch") && parameters.isTrue("sendInitialEvents");
    if (!lists || !subject.name().isEmpty()) {
      return 1;
    }
    Endpoint endpoint =
        catalog.find(new GroupVersion(subject.group(), subject.version()), subject.plural());
    if (endpoint == null) {
      return 1;
    }
    try {
      long objects = looked(endpoint.registry().storage(), verb, parameters);
      long seats = Math.ceilDiv(objects, OBJECTS_PER_SEAT);
      return Math.clamp(seats, 1, Math.min(most, MOST));
    } catch (ApiException e) {
      return Math.min(most, MOST); // the store cannot be asked: lists are as dear as can be
    }
  }

  private static long looked(Storage storage, String verb, Parameters parameters) {
    long stored = storage.history().newest().count(storage.prefix(), "");
    String limit = parameters.text("limit");
    boolean paged =
        verb.equals("list")
            && limit.matches("[1-9][0-9]{0,8}")
            && !parameters.text("resourceVersion").equals("0");
    if (!paged) {
      return stored;
    }
    long page = Math.min(stored, Long.parseLong(limit));
    boolean selects = parameters.has("fieldSelector") || parameters.has("labelSelector");
    return selects ? stored + page : 2 * page;
  }
}
