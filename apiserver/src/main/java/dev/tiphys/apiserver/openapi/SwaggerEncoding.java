package dev.tiphys.apiserver.openapi;

import dev.tiphys.apiserver.http.media.Content;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.ProtoWriter;
import java.util.List;

/// OpenAPI v2 in protobuf: the messages of gnostic's `OpenAPIv2.proto`, in which kubectl up to 1.28
/// reads it. See <https://github.com/google/gnostic/blob/main/openapiv2/OpenAPIv2.proto>.
///
/// Messages are written from their last field to the first, as [ProtoWriter] wants it.
final class SwaggerEncoding {

  private final ProtoWriter out = new ProtoWriter(4 << 20);

  private SwaggerEncoding() {}

  static byte[] encode(Struct document) {
    SwaggerEncoding encoding = new SwaggerEncoding();
    encoding.document(document);
    return encoding.out.toBytes();
  }

  private void document(Struct document) {
    Struct parameters = document.struct("parameters");
    if (!parameters.isEmpty()) {
      nested(10, () -> named(1, parameters, this::parameter));
    }
    nested(9, () -> named(1, document.struct("definitions"), this::schema));
    nested(8, () -> named(2, document.struct("paths"), this::path));
    nested(
        2,
        () -> {
          out.string(2, document.string("info", "version"));
          out.string(1, document.string("info", "title"));
        });
    out.string(1, document.string("swagger"));
  }

  private void nested(int number, Runnable content) {
    int end = out.mark();
    content.run();
    out.message(number, end);
  }

  /// What writes the content of a message.
  private interface Content {
    void write(Struct value);
  }

  /// The fields of a struct as pairs of name and value.
  private void named(int number, Struct all, Content content) {
    for (int i = all.size() - 1; i >= 0; i--) {
      String name = all.name(i);
      Struct value = all.value(i) instanceof Struct struct ? struct : Struct.EMPTY;
      nested(
          number,
          () -> {
            nested(2, () -> content.write(value));
            out.string(1, name);
          });
    }
  }

  private void texts(int number, List<String> texts) {
    texts.reversed().forEach(text -> out.string(number, text));
  }

  private void text(int number, Struct holder, String field) {
    String text = holder.string(field);
    if (!text.isEmpty()) {
      out.string(number, text);
    }
  }

  /// What begins with `x-`: a name, and a value in YAML, of which JSON is a part.
  private void extensions(int number, Struct holder) {
    for (int i = holder.size() - 1; i >= 0; i--) {
      String name = holder.name(i);
      String value = Json.text(holder.value(i));
      if (name.startsWith("x-")) {
        nested(
            number,
            () -> {
              nested(2, () -> out.string(2, value));
              out.string(1, name);
            });
      }
    }
  }

  private void any(int number, Struct holder, String field) {
    Object value = holder.get(field);
    if (value != null) {
      nested(number, () -> out.string(2, Json.text(value)));
    }
  }

  private void number(int number, Struct holder, String field) {
    if (holder.get(field) instanceof Number value) {
      out.fixed64(number, value.doubleValue());
    }
  }

  private void count(int number, Struct holder, String field) {
    if (holder.get(field) instanceof Number value) {
      out.int64(number, value.longValue());
    }
  }

  private void flag(int number, Struct holder, String field) {
    if (holder.bool(field)) {
      out.bool(number, true);
    }
  }

  private void schema(Struct schema) {
    extensions(31, schema);
    any(30, schema, "example");
    documentation(schema);
    flag(27, schema, "readOnly");
    text(26, schema, "discriminator");
    Struct properties = schema.struct("properties");
    if (!properties.isEmpty()) {
      nested(25, () -> named(1, properties, this::schema));
    }
    for (Struct part : schema.structs("allOf").reversed()) {
      nested(24, () -> schema(part));
    }
    if (schema.has("items")) {
      nested(23, () -> nested(1, () -> schema(schema.struct("items"))));
    }
    if (schema.has("type")) {
      nested(22, () -> text(1, schema, "type"));
    }
    additional(schema);
    for (Object value : schema.list("enum").reversed()) {
      nested(20, () -> out.string(2, Json.text(value)));
    }
    texts(19, schema.strings("required"));
    bounds(schema);
    any(5, schema, "default");
    text(4, schema, "description");
    text(3, schema, "title");
    text(2, schema, "format");
    text(1, schema, "$ref");
  }

  private void documentation(Struct schema) {
    Struct elsewhere = schema.struct("externalDocs");
    if (!elsewhere.isEmpty()) {
      nested(
          29,
          () -> {
            text(2, elsewhere, "url");
            text(1, elsewhere, "description");
          });
    }
  }

  /// Fields of other names: a schema for them, or whether there may be any.
  private void additional(Struct schema) {
    Object value = schema.get("additionalProperties");
    if (value instanceof Boolean any) {
      nested(21, () -> out.bool(2, any));
    } else if (value instanceof Struct content) {
      nested(21, () -> nested(1, () -> schema(content)));
    }
  }

  private void bounds(Struct schema) {
    count(18, schema, "minProperties");
    count(17, schema, "maxProperties");
    flag(16, schema, "uniqueItems");
    count(15, schema, "minItems");
    count(14, schema, "maxItems");
    text(13, schema, "pattern");
    count(12, schema, "minLength");
    count(11, schema, "maxLength");
    flag(10, schema, "exclusiveMinimum");
    number(9, schema, "minimum");
    flag(8, schema, "exclusiveMaximum");
    number(7, schema, "maximum");
    number(6, schema, "multipleOf");
  }

  private void path(Struct item) {
    parameters(9, item);
    operation(8, item, "patch");
    operation(5, item, "delete");
    operation(4, item, "post");
    operation(3, item, "put");
    operation(2, item, "get");
  }

  private void operation(int number, Struct item, String method) {
    if (item.has(method)) {
      nested(number, () -> operation(item.struct(method)));
    }
  }

  private void operation(Struct operation) {
    extensions(13, operation);
    nested(9, () -> named(1, operation.struct("responses"), r -> nested(1, () -> response(r))));
    parameters(8, operation);
    texts(7, operation.strings("consumes"));
    texts(6, operation.strings("produces"));
    text(5, operation, "operationId");
    texts(1, operation.strings("tags"));
  }

  private void response(Struct response) {
    if (response.has("schema")) {
      nested(2, () -> nested(1, () -> schema(response.struct("schema"))));
    }
    text(1, response, "description");
  }

  private void parameters(int number, Struct holder) {
    for (Struct parameter : holder.structs("parameters").reversed()) {
      nested(
          number,
          () -> {
            if (parameter.has("$ref")) {
              nested(2, () -> text(1, parameter, "$ref"));
            } else {
              nested(1, () -> parameter(parameter));
            }
          });
    }
  }

  private void parameter(Struct parameter) {
    if (parameter.string("in").equals("body")) {
      nested(1, () -> body(parameter));
    } else {
      nested(2, () -> plain(parameter));
    }
  }

  private void body(Struct parameter) {
    nested(5, () -> schema(parameter.struct("schema")));
    out.bool(4, parameter.bool("required"));
    text(3, parameter, "in");
    text(2, parameter, "name");
    text(1, parameter, "description");
  }

  /// A parameter in the path or the query; the numbers of the two differ from the fifth field on.
  private void plain(Struct parameter) {
    boolean inQuery = parameter.string("in").equals("query");
    nested(
        inQuery ? 3 : 4,
        () -> {
          out.bool(inQuery ? 20 : 19, parameter.bool("uniqueItems"));
          text(inQuery ? 6 : 5, parameter, "type");
          text(4, parameter, "name");
          text(3, parameter, "description");
          text(2, parameter, "in");
          out.bool(1, parameter.bool("required"));
        });
  }
}
