package dev.tiphys.apiserver.http.media;

import dev.tiphys.http.Exchange;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// In which media types something can be had or sent at all. This is judged before anything is
/// looked up, by the names of the types alone; which of them it will be, [Negotiation] finds out.
///
/// @param types the media types
public record Representations(List<String> types) {

  private static final String ANY = "*/*";

  /// Of what has no other form.
  public static final Representations JSON = new Representations(List.of(MediaType.JSON));

  public static final Representations OBJECT =
      new Representations(List.of(MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF));

  /// Of collections, which can be watched as well.
  public static final Representations COLLECTION = OBJECT.with(";stream=watch");

  public Representations {
    types = List.copyOf(types);
  }

  private Representations with(String suffix) {
    List<String> more = new ArrayList<>(types);
    more.add(MediaType.JSON + suffix);
    more.add(MediaType.PROTOBUF + suffix);
    return new Representations(more);
  }

  /// @throws ApiException `NOT_ACCEPTABLE` if the client takes none of them
  public void checkAcceptable(Exchange exchange) {
    String accept = exchange.header("accept");
    if (accept == null || accept.isBlank()) {
      return;
    }
    for (String range : accept.split(",")) {
      String name = name(range);
      if (name.equals(ANY) || types.contains(name)) {
        return;
      }
    }
    throw ApiException.ofServer(
        Reason.NOT_ACCEPTABLE,
        "406: Not Acceptable\n\nAvailable representations: " + String.join(", ", types));
  }

  /// @throws ApiException `UNSUPPORTED_MEDIA_TYPE` if the content is in none of them
  public void checkContent(Exchange exchange) {
    String type = exchange.header("content-type");
    if (type == null || !types.contains(name(type))) {
      throw ApiException.ofServer(Reason.UNSUPPORTED_MEDIA_TYPE, "415: Unsupported Media Type");
    }
  }

  private static String name(String type) {
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }
}
