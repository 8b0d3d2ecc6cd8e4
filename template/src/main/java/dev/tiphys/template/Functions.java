package dev.tiphys.template;

import dev.tiphys.world.World;

/// The functions that a template may call.
///
/// Threads: any; immutable.
public final class Functions {

  private Functions() {}

  /// Those of the language: `and`, `eq`, `index`, `printf` ...
  public static Functions builtins() {
    return new Functions();
  }

  /// Those of the language and Sprig's, without those that look at the process or the network:
  /// `env`, `expandenv`, `getHostByName`.
  ///
  /// @param world tells the time, and draws keys, salts and random texts
  public static Functions sprig(World world) {
    return new Functions();
  }

  /// [#sprig(World)] and those that External Secrets adds: keys and certificates in their formats,
  /// `toYaml`, `fromYaml`, `rsaDecrypt`.
  public static Functions externalSecrets(World world) {
    return new Functions();
  }
}
