package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.http.media.Content;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.http.query.QueryOptions;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.reviews.Reviews;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;

/// The resources that have no objects, over HTTP.
///
/// Threads: any.
final class ReviewHandler {

  private final Reviews reviews;
  private final ComponentStatuses components;

  ReviewHandler(Reviews reviews, ComponentStatuses components) {
    this.reviews = reviews;
    this.components = components;
  }

  void answer(
      Resource resource,
      Subject.OfResource subject,
      ResponseWriter response,
      Call call,
      Parameters parameters) {
    if (resource.plural().equals("componentstatuses")) {
      components.answer(resource, subject.name(), response, call, parameters);
      return;
    }
    Call checked = call.withOptions(QueryOptions.ofWrite(parameters, "CreateOptions"));
    FieldValidation.Findings findings =
        FieldValidation.of(parameters.text("fieldValidation")).new Findings();
    Negotiation wanted = Negotiation.of(response.exchange().header("accept"), false);
    Struct tree = Content.object(response.exchange(), resource.schema(), findings);
    response.trail().asked(tree);
    Struct answered = reviews.answer(checked, resource, subject.namespace(), tree, findings);
    response.sendTree(201, answered, wanted.format(), call.warnings());
  }
}
