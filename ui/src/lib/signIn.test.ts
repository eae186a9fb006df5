import { describe, expect, it } from "vitest";
import { fieldsOf, missing, signInOf, signInError } from "./signIn";

const account = {
  email: "ada@example.com",
  server: "https://fly.example",
  authUrl: "https://auth.fly.example",
  bookingUrl: "https://booking.fly.example",
  role: null,
};

describe("signing in again", () => {
  it("keeps the separate servers of the account", () => {
    const { role: _, ...kept } = account;
    expect(signInOf({ ...fieldsOf(account), password: "secret" })).toEqual({ ...kept, password: "secret" });
  });

  it("leaves empty addresses out", () => {
    const fields = {
      ...fieldsOf(null),
      server: " fly.example ",
      email: "ada@example.com",
      password: "x",
      authUrl: "  ",
    };
    expect(signInOf(fields)).toMatchObject({ server: "fly.example", authUrl: null, bookingUrl: null });
  });
});

describe("what is wrong with the form", () => {
  it("is said beside its field", () => {
    const fields = { ...fieldsOf(account), password: "x" };
    expect(missing(fields)).toBeNull();
    expect(missing({ ...fields, email: "" })?.field).toBe("email");
    expect(signInError({ code: "unreachable", message: "Nothing answers." }, fields).field).toBe("authUrl");
    expect(signInError({ code: "unreachable", message: "Nothing answers." }, { ...fields, authUrl: "" }).field).toBe(
      "server",
    );
    expect(signInError({ code: "invalidEmail", message: "Enter the e-mail address." }, fields).field).toBe("email");
    expect(signInError({ code: "invalidBookingUrl", message: "No address." }, fields).field).toBe("bookingUrl");
    expect(signInError({ code: "keychain", message: "The keychain is locked." }, fields).field).toBeNull();
  });
});
