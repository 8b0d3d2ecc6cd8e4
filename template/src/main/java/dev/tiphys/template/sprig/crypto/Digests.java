package dev.tiphys.template.sprig.crypto;

import static dev.tiphys.template.value.Type.STRING;
import static dev.tiphys.template.value.Type.UINT32;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.sprig.Encodings;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Adler32;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Digests, hashes of passwords, and texts under a password.
public final class Digests {

  /// What a hash that is meant to be slow takes, in steps.
  static final int SLOW_HASH = 50_000;

  private static final int BCRYPT_COST = 10;
  private static final int BCRYPT_SALT = 16;
  private static final int BCRYPT_LONGEST = 72;
  private static final int AES_BLOCK = 16;

  private static final Type HASH = new Type("sprig.HashAlgorithm", STRING.kind(), "string", null);

  private final World world;

  private Digests(World world) {
    this.world = world;
  }

  public static List<Function> functions(World world) {
    Digests digests = new Digests(world);
    return List.of(
        Function.of("sha1sum", call -> hex("SHA-1", call.text(0)), STRING),
        Function.of("sha256sum", call -> hex("SHA-256", call.text(0)), STRING),
        Function.of("sha512sum", call -> hex("SHA-512", call.text(0)), STRING),
        Function.of("adler32sum", Digests::adler, STRING),
        Function.of("bcrypt", call -> digests.bcrypt(call, call.text(0)), STRING),
        Function.variadic("htpasswd", digests::htpasswd, STRING, STRING, HASH),
        Function.of("derivePassword", Passwords::derive, UINT32, STRING, STRING, STRING, STRING),
        Function.of("encryptAES", digests::encrypt, STRING, STRING),
        Function.of("decryptAES", Digests::decrypt, STRING, STRING));
  }

  private static byte[] digest(String algorithm, String text) {
    try {
      return MessageDigest.getInstance(algorithm).digest(Utf8.bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no " + algorithm, e);
    }
  }

  private static String hex(String algorithm, String text) {
    return HexFormat.of().formatHex(digest(algorithm, text));
  }

  private static String adler(Call call) {
    Adler32 sum = new Adler32();
    sum.update(Utf8.bytes(call.text(0)));
    return Long.toString(sum.getValue());
  }

  private String bcrypt(Call call, String password) {
    call.budget().steps(SLOW_HASH);
    byte[] bytes = Utf8.bytes(password);
    if (bytes.length > BCRYPT_LONGEST) {
      return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
    }
    byte[] salt = new byte[BCRYPT_SALT];
    world.random().nextBytes(salt);
    return OpenBSDBCrypt.generate("2a", bytes, salt, BCRYPT_COST);
  }

  private String htpasswd(Call call) {
    String user = call.text(0);
    if (user.contains(":")) {
      return "invalid username: " + user;
    }
    String hash =
        call.count() > 2 && call.text(2).equals("sha")
            ? "{SHA}" + Encodings.base64(digest("SHA-1", call.text(1)))
            : bcrypt(call, call.text(1));
    return user + ":" + hash;
  }

  private static Cipher cipher(int mode, String password, byte[] vector) {
    try {
      byte[] key = Arrays.copyOf(Utf8.bytes(password), 32);
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(vector));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no AES", e);
    }
  }

  private String encrypt(Call call) {
    byte[] text = Utf8.bytes(call.text(1));
    if (text.length == 0) {
      return "";
    }
    int padding = AES_BLOCK - text.length % AES_BLOCK;
    byte[] padded = Arrays.copyOf(text, text.length + padding);
    Arrays.fill(padded, text.length, padded.length, (byte) padding);
    byte[] vector = new byte[AES_BLOCK];
    world.random().nextBytes(vector);
    byte[] out = Arrays.copyOf(vector, AES_BLOCK + padded.length);
    byte[] encrypted = transform(cipher(Cipher.ENCRYPT_MODE, call.text(0), vector), padded);
    System.arraycopy(encrypted, 0, out, AES_BLOCK, encrypted.length);
    return call.made(Encodings.base64(out));
  }

  private static byte[] transform(Cipher cipher, byte[] bytes) {
    try {
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new CallException("crypto/cipher: input not full blocks");
    }
  }

  private static String decrypt(Call call) {
    if (call.text(1).isEmpty()) {
      return "";
    }
    byte[] all = Encodings.base64(call.text(1));
    if (all.length <= AES_BLOCK || all.length % AES_BLOCK != 0) {
      throw new CallException("crypto/cipher: input not full blocks");
    }
    byte[] vector = Arrays.copyOf(all, AES_BLOCK);
    byte[] encrypted = Arrays.copyOfRange(all, AES_BLOCK, all.length);
    byte[] text = transform(cipher(Cipher.DECRYPT_MODE, call.text(0), vector), encrypted);
    int padding = text[text.length - 1] & 0xff;
    if (padding > text.length) {
      int end = text.length - padding;
      throw new CallException("runtime error: slice bounds out of range [:" + end + "]");
    }
    return call.made(Utf8.of(Arrays.copyOf(text, text.length - padding)));
  }
}
