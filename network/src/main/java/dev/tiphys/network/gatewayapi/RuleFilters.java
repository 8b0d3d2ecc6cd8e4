package dev.tiphys.network.gatewayapi;

import dev.tiphys.network.gatewayapi.fields.CorsFilter;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the filters of a rule, or of a backend in it.
record RuleFilters(List<Struct> filters) {

  static RuleFilters of(Struct owner) {
    return new RuleFilters(owner.structs("filters"));
  }

  private List<Struct> all(String type, String field) {
    return filters.stream()
        .filter(each -> each.string("type").equals(type))
        .map(each -> each.struct(field))
        .toList();
  }

  private @Nullable Struct one(String type, String field) {
    List<Struct> found = all(type, field);
    return found.isEmpty() ? null : found.getFirst();
  }

  /// The first that can't be kept among a rule's filters; null if there is none.
  @Nullable String unknown() {
    return filters.stream()
        .map(each -> each.string("type"))
        .filter(type -> type.equals("ExtensionRef"))
        .findFirst()
        .orElse(null);
  }

  /// The first that can't be kept among a backend's filters; null if there is none.
  @Nullable String unknownOfBackend() {
    return filters.stream()
        .map(each -> each.string("type"))
        .filter(type -> !type.endsWith("HeaderModifier"))
        .findFirst()
        .orElse(null);
  }

  HeaderEdits request() {
    return edits(one("RequestHeaderModifier", "requestHeaderModifier"));
  }

  HeaderEdits response() {
    return edits(one("ResponseHeaderModifier", "responseHeaderModifier"));
  }

  private static HeaderEdits edits(@Nullable Struct modifier) {
    return modifier == null
        ? HeaderEdits.NONE
        : new HeaderEdits(
            modifier.strings("remove"),
            headers(modifier.structs("set")),
            headers(modifier.structs("add")));
  }

  private static Map<String, String> headers(List<Struct> headers) {
    Map<String, String> all = new LinkedHashMap<>();
    headers.forEach(each -> all.putIfAbsent(each.string("name"), each.string("value")));
    return all;
  }

  /// Those that look at requests.
  List<Filter> looking() {
    List<Filter> looking = new ArrayList<>();
    all("CORS", "cors").forEach(each -> looking.add(new CorsFilter(each)));
    return looking;
  }

  /// What is sent copies.
  List<Struct> mirrors() {
    return all("RequestMirror", "requestMirror");
  }

  Rewrite rewrite(PathMatch match) {
    Struct rewrite = one("URLRewrite", "urlRewrite");
    return rewrite == null
        ? Rewrite.KEEP
        : new Rewrite(
            path(rewrite, match), rewrite.has("hostname") ? rewrite.string("hostname") : null);
  }

  private static Rewrite.OfPath path(Struct modifier, PathMatch match) {
    if (!modifier.has("path")) {
      return new Rewrite.OfPath.Keep();
    }
    Struct path = modifier.struct("path");
    if (path.string("type").equals("ReplaceFullPath")) {
      return new Rewrite.OfPath.Whole(path.string("replaceFullPath"));
    }
    return match instanceof PathMatch.Prefix(String from)
        ? new Rewrite.OfPath.Prefix(from, path.string("replacePrefixMatch"))
        : new Rewrite.OfPath.Keep();
  }

  /// Where clients are sent; null if they are not. What is the usual port of the scheme is not
  /// named.
  @Nullable Action redirect(PathMatch match, GatewayListener listener) {
    Struct redirect = one("RequestRedirect", "requestRedirect");
    if (redirect == null) {
      return null;
    }
    String scheme = redirect.string("scheme");
    String own = listener.isSecure() ? "https" : "http";
    int usual = (scheme.isEmpty() ? own : scheme).equals("https") ? 443 : 80;
    int port =
        redirect.has("port")
            ? (int) redirect.integer("port")
            : scheme.isEmpty() ? listener.port() : usual;
    return new Action.Relocate(
        redirect.has("statusCode") ? (int) redirect.integer("statusCode") : 302,
        scheme.isEmpty() ? null : scheme,
        redirect.has("hostname") ? redirect.string("hostname") : null,
        port == usual ? 0 : port,
        path(redirect, match));
  }
}
