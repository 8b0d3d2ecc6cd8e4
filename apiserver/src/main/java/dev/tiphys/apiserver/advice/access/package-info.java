/// Advice about rights and secrets.
package dev.tiphys.apiserver.advice.access;
