/// Tokens that are kept in Secrets: those of service accounts, and those by which nodes join.
package dev.tiphys.controllers.tokens;
