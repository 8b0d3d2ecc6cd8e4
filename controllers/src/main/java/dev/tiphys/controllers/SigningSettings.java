package dev.tiphys.controllers;

import dev.tiphys.pki.Authority;
import dev.tiphys.pki.token.TokenSigner;
import org.jspecify.annotations.Nullable;

/// What the controllers sign with. Without one of them, they leave what it would sign to others.
///
/// @param authority signs certificates that were asked for and approved
/// @param tokens signs the tokens of service accounts that are kept in Secrets
public record SigningSettings(@Nullable Authority authority, @Nullable TokenSigner tokens) {

  public static final SigningSettings NONE = new SigningSettings(null, null);
}
