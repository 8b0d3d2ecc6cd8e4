package dev.tiphys.apiserver.kinds.gated;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.World;
import java.util.Objects;

/// DeviceTaintRules: their taint says since when it is there, or has the effect that it has.
public record DeviceTaintRuleStrategy(World world) implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct rule) {
    return rule.has("spec", "taint", "timeAdded") ? rule : timed(rule);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct rule, Struct old) {
    Object since = rule.get("spec", "taint", "timeAdded");
    boolean kept = Objects.equals(since, old.get("spec", "taint", "timeAdded"));
    boolean same =
        rule.string("spec", "taint", "effect").equals(old.string("spec", "taint", "effect"));
    return since == null || (kept && !same) ? timed(rule) : rule;
  }

  private Struct timed(Struct rule) {
    return rule.withAt(Timestamps.seconds(world.now()), "spec", "taint", "timeAdded");
  }
}
