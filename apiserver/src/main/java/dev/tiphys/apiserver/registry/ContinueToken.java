package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.util.Base64;

/// Where a page of a list ended, as clients hand it back: upstream's form.
///
/// @param revision the revision of the list; -1 if the next page is to show the newest state
/// @param start the key after which the next page begins, without the resource's prefix
public record ContinueToken(long revision, String start) {

  private static final String VERSION = "meta.k8s.io/v1";

  String encode() {
    Struct token = Struct.of("v", VERSION, "rv", revision, "start", start + "\0");
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(token));
  }

  /// @throws ApiException `BAD_REQUEST` if a text is no token
  public static void check(String text) {
    decode(text);
  }

  static ContinueToken decode(String text) {
    byte[] json;
    try {
      json = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw invalid("illegal base64 data");
    }
    Struct token;
    try {
      token = Json.struct(json);
    } catch (EncodingException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
    if (!token.string("v").equals(VERSION)) {
      throw invalid("server does not recognize this encoded version \"" + token.string("v") + "\"");
    }
    String start = token.string("start");
    if (start.isEmpty() || start.contains("..")) {
      throw invalid("incorrect encoded start resourceVersion or key");
    }
    return new ContinueToken(
        token.integer("rv"), start.endsWith("\0") ? start.substring(0, start.length() - 1) : start);
  }

  private static ApiException invalid(String cause) {
    return ApiException.badRequest("invalid continue token: continue key is not valid: " + cause);
  }
}
