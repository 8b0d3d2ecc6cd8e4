package dev.tiphys.template.sprig;

import dev.tiphys.template.function.Function;
import dev.tiphys.template.sprig.crypto.Certificates;
import dev.tiphys.template.sprig.crypto.Digests;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// The functions of Sprig, without those that look at the process or the network.
public final class Sprig {

  private Sprig() {}

  public static List<Function> functions(World world) {
    List<Function> all = new ArrayList<>();
    all.addAll(Texts.functions());
    all.addAll(Cases.functions());
    all.addAll(Splitting.functions());
    all.addAll(Encodings.functions());
    all.addAll(Randoms.functions(world));
    all.addAll(Arithmetic.functions());
    all.addAll(Lists.functions());
    all.addAll(Dicts.functions());
    all.addAll(Choices.functions());
    all.addAll(Jsons.functions());
    all.addAll(Types.functions());
    all.addAll(Regexes.functions());
    all.addAll(Paths.functions());
    all.addAll(Urls.functions());
    all.addAll(Versions.functions());
    all.addAll(Dates.functions(world));
    all.addAll(Digests.functions(world));
    all.addAll(Certificates.functions(world));
    return all;
  }
}
