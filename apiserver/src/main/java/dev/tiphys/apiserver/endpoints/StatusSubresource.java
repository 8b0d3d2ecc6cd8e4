package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;

/// `status`: the whole object is shown, and its status is written.
public final class StatusSubresource implements Subresource {

  @Override
  public Struct read(Call call, Target target) {
    Endpoint endpoint = target.endpoint();
    return endpoint.present(endpoint.registry().get(target.namespace(), target.name()));
  }

  @Override
  public Struct decode(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    Endpoint endpoint = target.endpoint();
    Struct object = Decoding.object(call, tree, endpoint.served(), findings);
    return endpoint.conversion().toStored(object);
  }

  @Override
  public Struct update(Call call, Target target, Change change) {
    Endpoint endpoint = target.endpoint();
    return endpoint.present(
        endpoint.registry().updateStatus(call, target.namespace(), target.name(), change));
  }

  @Override
  public Struct patched(Call call, Target target, Struct old, Patch patch) {
    return Patches.apply(call, target.endpoint(), old, patch);
  }
}
