package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.world.World;

/// Certificate signing requests: the requester is the caller, and what was asked for never changes.
final class SigningRequestStrategy implements Strategy {

  private final World world;

  SigningRequestStrategy(World world) {
    this.world = world;
  }

  @Override
  public Struct prepareForCreate(Call call, Struct request) {
    UserInfo user = call.user();
    StructBuilder extra = new StructBuilder();
    user.extra().forEach(extra::add);
    StructBuilder spec =
        StructBuilder.from(
            request
                .struct("spec")
                .without("username")
                .without("uid")
                .without("groups")
                .without("extra"));
    spec.addUnlessEmpty("username", user.name())
        .addUnlessEmpty("uid", user.uid())
        .addUnlessEmpty("groups", user.groups())
        .addUnlessEmpty("extra", extra.build());
    return request.with("spec", spec.build());
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct request, Struct old) {
    return request.with("spec", old.struct("spec"));
  }

  @Override
  public Struct prepareForStatusUpdate(Call call, Struct request, Struct old) {
    return SigningConditions.withTimes(
        SigningConditions.withOldDecisions(request, old), old, world.now());
  }
}
