package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests, and what the last one of them is answered, as an `.exchanges` file says it:
///
/// ```
/// [a sentence about it]
/// POST ~/configmaps {'metadata':{'name':'a'}}
/// MERGE ~/configmaps/a {'data':{'k':'v'}}
/// 200
/// data.k = v
/// ```
///
/// `~/` is the path of a namespace of the exchange's own in `v1`, `~apps/v1/` that in another
/// version, and `$n` a name that no other exchange has. `MERGE`, `STRATEGIC`, `JSON` and `APPLY`
/// are patches, `YAML` is a POST of YAML, in which, as in `APPLY`, `|` stands for a line break.
/// Behind the code come claims: a path and its value (`= value`), its absence (`-`) or that it is
/// there (`+`); `message`; `causes`, field by field; `owners`, manager by manager; `warning`, once
/// for each, or `header NAME -`; `text`, a part of the answer as it is. Texts are compared with
/// what JSON shows, single quotes for double ones.
record Exchange(String title, List<String> requests, int code, List<String> claims) {

  static List<Exchange> in(String file) throws IOException {
    List<Exchange> all = new ArrayList<>();
    try (InputStream in = Exchange.class.getResourceAsStream("exchanges/" + file)) {
      String text = new String(in.readAllBytes(), UTF_8);
      for (String block : text.split("\n\n+")) {
        if (block.startsWith("[")) {
          all.add(of(block.strip().split("\n")));
        }
      }
    }
    return all;
  }

  private static Exchange of(String[] lines) {
    List<String> requests = new ArrayList<>();
    List<String> claims = new ArrayList<>();
    int code = 0;
    for (int i = 1; i < lines.length; i++) {
      if (code > 0) {
        claims.add(lines[i]);
      } else if (lines[i].matches("[0-9]{3}")) {
        code = Integer.parseInt(lines[i]);
      } else {
        requests.add(lines[i]);
      }
    }
    return new Exchange(lines[0].substring(1, lines[0].length() - 1), requests, code, claims);
  }

  /// Sends the requests and checks the last answer.
  ///
  /// @param number tells the exchange from the others
  void run(Wire wire, int number) throws Exception {
    String namespace = "n" + number;
    if (requests.stream().anyMatch(request -> request.contains("~"))) {
      wire.post("/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}");
    }
    Wire.Answer answer = null;
    for (String request : requests) {
      answer = send(wire, request.replace("$n", namespace), namespace);
    }
    assertThat(answer).isNotNull();
    assertThat(answer.code()).as(answer.text()).isEqualTo(code);
    List<String> warnings = new ArrayList<>();
    for (String claim : claims) {
      String text = claim.replace("$n", namespace);
      if (text.startsWith("warning = ")) {
        String warned = text.substring("warning = ".length());
        warnings.add("299 - \"" + warned.replace("\"", "\\\"") + "\"");
      } else {
        check(answer, text);
      }
    }
    if (!warnings.isEmpty()) {
      assertThat(answer.headers("warning")).containsExactlyElementsOf(warnings);
    }
  }

  private static Wire.Answer send(Wire wire, String request, String namespace) throws Exception {
    String[] parts = request.split(" ", 3);
    String path = path(parts[1], namespace);
    String body = parts.length < 3 ? "" : parts[2].replace("NESTED", "[".repeat(3_000));
    return switch (parts[0]) {
      case "GET" -> wire.get(path);
      case "TABLE" -> wire.get(path, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
      case "BETATABLE" ->
          wire.get(path, "Accept", "application/json;as=Table;v=v1beta1;g=meta.k8s.io");
      case "POST" -> wire.post(path, body);
      case "PUT" -> wire.put(path, body);
      case "DELETE" -> wire.delete(path, body);
      case "JSON" -> wire.patch("json-patch", path, body);
      case "MERGE" -> wire.patch("merge-patch", path, body);
      case "FROB" -> wire.patch("frob-patch", path, body);
      case "STRATEGIC" -> wire.patch("strategic-merge-patch", path, body);
      case "APPLY" ->
          wire.send(
              "PATCH",
              path,
              body.startsWith("{") ? Wire.json(body) : body.replace('|', '\n'),
              "Content-Type",
              "application/apply-patch+yaml");
      case "YAML" ->
          wire.send("POST", path, body.replace('|', '\n'), "Content-Type", "application/yaml");
      default -> throw new IllegalArgumentException(request);
    };
  }

  private static String path(String path, String namespace) {
    if (path.startsWith("~/")) {
      return "/api/v1/namespaces/" + namespace + path.substring(1);
    }
    if (path.startsWith("~")) {
      int version = path.indexOf('/', path.indexOf('/') + 1);
      return "/apis/"
          + path.substring(1, version)
          + "/namespaces/"
          + namespace
          + path.substring(version);
    }
    return path;
  }

  private static void check(Wire.Answer answer, String claim) {
    String[] parts = claim.split(" ", 3);
    String wanted = parts.length < 3 ? "" : parts[2];
    switch (parts[0]) {
      case "header" -> assertThat(answer.headers(parts[1])).isEmpty();
      case "message" ->
          assertThat(answer.message()).isEqualTo(wanted.replace("\\n", "\n").replace("\\_", " "));
      case "notext" -> assertThat(answer.text()).doesNotContain(wanted);
      case "text" -> assertThat(answer.text()).contains(wanted);
      case "causes" -> assertThat(causes(answer.json())).isEqualTo(wanted);
      case "owners" -> assertThat(owners(answer.json())).isEqualTo(wanted);
      default -> {
        Object value = at(answer.json(), parts[0]);
        switch (parts[1]) {
          case "-" -> assertThat(value).as(answer.text()).isNull();
          case "+" -> assertThat(value).as(answer.text()).isNotNull();
          default -> assertThat(shown(value)).as(answer.text()).isEqualTo(wanted);
        }
      }
    }
  }

  private static String causes(Struct status) {
    List<String> causes = new ArrayList<>();
    for (Struct cause : status.structs("details", "causes")) {
      causes.add(cause.string("field") + ": " + cause.string("message"));
    }
    return String.join(" ; ", causes);
  }

  /// Who owns what: `manager operation version/subresource fields`.
  private static String owners(Struct object) {
    List<String> owners = new ArrayList<>();
    for (Struct entry : object.structs("metadata", "managedFields")) {
      String below = entry.string("subresource");
      owners.add(
          String.join(
              " ",
              entry.string("manager"),
              entry.string("operation"),
              entry.string("apiVersion") + (below.isEmpty() ? "" : "/" + below),
              shown(entry.struct("fieldsV1"))));
    }
    return String.join(" ; ", owners);
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case String text -> text;
      default -> Json.text(value).replace('"', '\'');
    };
  }

  /// The value at a path such as `spec.ports[0].port` or `metadata.labels['a.b/c']`.
  private static @Nullable Object at(Object tree, String path) {
    Object found = tree;
    for (String part : path.split("\\.(?![^\\[]*'\\])|\\[|\\]\\.?")) {
      if (part.isEmpty()) {
        continue;
      }
      String name = part.replace("'", "");
      found =
          switch (found) {
            case Struct struct -> struct.get(name);
            case List<?> list ->
                Integer.parseInt(name) < list.size() ? list.get(Integer.parseInt(name)) : null;
            case null, default -> null;
          };
    }
    return found;
  }

  @Override
  public String toString() {
    return title;
  }
}
