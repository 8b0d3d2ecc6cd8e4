/// What was, while the history lasts: who changed an object and why, and the whole store as another
/// one begins from it.
package dev.tiphys.apiserver.past;
