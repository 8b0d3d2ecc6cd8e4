package dev.tiphys.apiserver.openapi;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.Derived;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The documents that describe the API: one for each group and version, and one of all together for
/// old clients. They follow the resources that are served.
///
/// Threads: any.
public final class OpenApi {

  private final Derived<Documents> documents;

  /// A document, and what tells it from others.
  @SuppressWarnings("ArrayRecordComponent") // a cache's entry, never compared
  public record Document(byte[] content, String hash) {}

  public OpenApi(Catalog catalog) {
    documents = new Derived<>(catalog, Documents::new);
  }

  /// `/openapi/v3`: which documents there are.
  public Struct index() {
    return documents.now().index();
  }

  /// The document of one version, or null if there is none.
  ///
  /// @param path as in the index: `apis/apps/v1`
  public @Nullable Document find(String path) {
    return documents.now().find(path);
  }

  /// `/openapi/v2`: the document of all versions together, as old clients want it.
  ///
  /// @param others the documents of other servers, which stand in it too: the first ones first
  /// @param protobuf whether in protobuf, not in JSON
  public Document whole(List<Struct> others, boolean protobuf) {
    return documents.now().whole(others, protobuf);
  }

  /// The document of OpenAPI v3 that says the same as one of v2.
  public static Document ofOld(Struct swagger) {
    byte[] content = Json.bytes(SwaggerConversion.of(swagger));
    return new Document(content, hash(content));
  }

  /// What tells a document from others, and from other states of it.
  public static String hash(byte[] content) {
    return Documents.hash(content);
  }
}
