package dev.tiphys.template;

import dev.tiphys.template.externalsecrets.ExternalSecrets;
import dev.tiphys.template.function.Builtins;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.sprig.Sprig;
import dev.tiphys.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The functions that a template may call.
///
/// Threads: any; immutable.
public final class Functions {

  private final Map<String, Function> all;

  private Functions(Map<String, Function> all) {
    this.all = all;
  }

  /// Those of the language: `and`, `eq`, `index`, `printf` ...
  public static Functions builtins() {
    return new Functions(Builtins.all());
  }

  /// Those of the language and Sprig's, without those that look at the process or the network:
  /// `env`, `expandenv`, `getHostByName`.
  ///
  /// @param world tells the time, and draws keys, salts and random texts
  public static Functions sprig(World world) {
    return builtins().with(Sprig.functions(world));
  }

  /// [#sprig(World)] and those that External Secrets adds: keys and certificates in their formats,
  /// `toYaml`, `fromYaml`, `rsaDecrypt`.
  public static Functions externalSecrets(World world) {
    return sprig(world).with(ExternalSecrets.functions());
  }

  private Functions with(List<Function> more) {
    Map<String, Function> joined = new HashMap<>(all);
    more.forEach(function -> joined.put(function.name(), function));
    return new Functions(Map.copyOf(joined));
  }

  Map<String, Function> all() {
    return all;
  }
}
