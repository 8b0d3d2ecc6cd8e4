package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.ObjectEncoder;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.http.query.QueryOptions;
import dev.tiphys.apiserver.pipeline.Router;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.http.Exchange;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;

/// A request about a resource that was let through.
///
/// @param response the exchange, and the way to answer it
/// @param call in which user's name, with what options
/// @param verb what is to be done
/// @param target to what
/// @param rest the path below the subresource
/// @param parameters of the query
public record ResourceRequest(
    ResponseWriter response,
    Call call,
    String verb,
    Target target,
    String rest,
    Parameters parameters) {

  public Exchange exchange() {
    return response.exchange();
  }

  /// In which form the client wants the answer.
  ///
  /// @param shapes whether a Table or the metadata alone can be had
  Negotiation negotiate(boolean shapes) {
    boolean protobuf =
        switch (target.endpoint().served().schema()) {
          case Type _ -> true;
          case StructuralSchema _ -> false;
        };
    return Negotiation.of(exchange().header("accept"), shapes, protobuf);
  }

  FieldValidation fieldValidation() {
    return FieldValidation.of(parameters.text("fieldValidation"));
  }

  FieldValidation.Findings findings() {
    return fieldValidation().new Findings();
  }

  /// What rows of a Table hold of their objects: `Metadata`, `Object` or `None`.
  String includeObject() {
    return QueryOptions.includeObject(parameters);
  }

  /// What the object that the client sends looks like.
  Schema bodySchema() {
    Resource.Subresource below = target.endpoint().served().subresource(target.subresource());
    if (below == null || below.kind().equals(target.endpoint().served().kind())) {
      return target.endpoint().served().schema();
    }
    Type type = ObjectEncoder.type(below.groupVersion().toString(), below.kind());
    if (type == null) {
      throw Router.methodNotAllowed();
    }
    return type;
  }
}
