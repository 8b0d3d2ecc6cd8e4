package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.INT;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.world.World;
import java.util.List;
import java.util.UUID;

/// What chance makes.
final class Randoms {

  private static final String DIGITS = "0123456789";
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final World world;

  private Randoms(World world) {
    this.world = world;
  }

  static List<Function> functions(World world) {
    Randoms randoms = new Randoms(world);
    StringBuilder ascii = new StringBuilder();
    for (char c = ' '; c < 0x7f; c++) {
      ascii.append(c);
    }
    return List.of(
        randoms.of("randAlphaNum", LETTERS + DIGITS),
        randoms.of("randAlpha", LETTERS),
        randoms.of("randNumeric", DIGITS),
        randoms.of("randAscii", ascii.toString()),
        Function.of("randInt", randoms::whole, INT, INT),
        Function.of("randBytes", randoms::bytes, INT),
        Function.of("uuidv4", _ -> randoms.uuid()),
        Function.of("shuffle", randoms::shuffle, STRING));
  }

  private Function of(String name, String characters) {
    return Function.of(
        name,
        call -> {
          int count = count(call);
          StringBuilder text = new StringBuilder(count);
          for (int i = 0; i < count; i++) {
            text.append(characters.charAt(world.random().nextInt(characters.length())));
          }
          return text.toString();
        },
        INT);
  }

  private static int count(Call call) {
    long count = Math.max(0, call.whole(0));
    call.budget().bytes(count);
    return (int) count;
  }

  private Object whole(Call call) {
    long least = call.whole(0);
    long range = call.whole(1) - least;
    if (range <= 0) {
      throw new CallException("invalid argument to Intn");
    }
    return (Long) (least + world.random().nextLong(range));
  }

  private String bytes(Call call) {
    byte[] bytes = new byte[count(call)];
    world.random().nextBytes(bytes);
    return call.made(Encodings.base64(bytes));
  }

  private String uuid() {
    long most = world.random().nextLong() & 0xffffffffffff0fffL | 0x4000;
    long least = world.random().nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    return new UUID(most, least).toString();
  }

  private String shuffle(Call call) {
    int[] runes = Utf8.characters(call.text(0)).codePoints().toArray();
    for (int i = runes.length - 1; i > 0; i--) {
      int other = world.random().nextInt(i + 1);
      int rune = runes[i];
      runes[i] = runes[other];
      runes[other] = rune;
    }
    return call.made(Utf8.of(new String(runes, 0, runes.length)));
  }
}
