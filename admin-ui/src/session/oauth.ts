// The functions of the library that signing in, renewing and signing out need; loaded then.
export {
  allowInsecureRequests, authorizationCodeGrantRequest, AuthorizationResponseError, calculatePKCECodeChallenge, clockSkew, clockTolerance,
  generateRandomCodeVerifier, generateRandomNonce, generateRandomState, None, processAuthorizationCodeResponse, processRefreshTokenResponse,
  refreshTokenGrantRequest, ResponseBodyError, revocationRequest, validateAuthResponse,
} from 'oauth4webapi';
